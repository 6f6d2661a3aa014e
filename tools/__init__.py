"""Commands for the repository and deployed stacks. They read samconfig.toml, template.yaml and contract/."""
