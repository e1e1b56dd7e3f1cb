// Nothing of its own: what tests read of others is precompiled for this target.
