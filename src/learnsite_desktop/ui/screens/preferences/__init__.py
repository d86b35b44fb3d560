"""设置 Settings: the look, who works here, the policy in force, the unit's card."""
