"""Projects as a checklist (清单式管理): where each stands, whose it is, until when; closing, and merging."""
