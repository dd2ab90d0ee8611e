"""What comes in and goes out: workbooks, lists to take away, whole campaigns."""
