"""Who is seen and heard when: from what was written to the programme tiled with stacks of layers."""
