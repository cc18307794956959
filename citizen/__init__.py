"""citizen: residents and associations propose, decide and follow small projects for their quarter."""
