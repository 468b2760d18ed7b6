"""What is done to a contribution so that it fits the programme, and the record of what that costs."""
