"""Who is seen and heard when, and who is credited: from what was written to the programme tiled with stacks of
layers."""
