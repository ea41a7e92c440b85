"""The grade model: the grade that a laboratory would find, from what was seen of a device."""
