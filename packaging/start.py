"""What the released program begins with."""

from learnsite_desktop.__main__ import main

main()
