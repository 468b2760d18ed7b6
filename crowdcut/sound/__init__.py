"""What is decided of sound: levels, repairs, who speaks when, and the jobs from contributions to the finished mix."""
