"""Sound as samples: decoded, put where it belongs in time, resampled, stretched, kept between jobs, encoded."""
