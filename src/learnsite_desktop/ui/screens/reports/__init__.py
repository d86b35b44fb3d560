"""Official reports: a department's set in one go, what it lacks, where a number came from."""
