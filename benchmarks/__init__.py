"""What the warehouse costs, beside what it could cost: `make bench`."""
