"""The picture of a quarter: who was to report and who did, how much was given and reached, whom to call. By scope."""
