"""A local AWS for the tests of the reference stacks: its environment, its process and what is deployed into it."""
