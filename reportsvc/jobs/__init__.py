"""Due work and the scheduler that looks for it."""
