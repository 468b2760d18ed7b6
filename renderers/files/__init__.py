"""Contributed files opened within limits, and what their headers and packets tell before anything is decoded."""
