"""Import 导入: tables of Excel, WPS or CSV, looked at before they are taken."""
