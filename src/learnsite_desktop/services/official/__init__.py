"""Official reports: workbooks with the statutory cells, views of departments, and their history."""
