"""Publishing: what readers may see of a green build, whole, for each audience."""
