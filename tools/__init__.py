"""Commands around a deployed stack; they go by files of the repository: samconfig.toml, template.yaml, contract/."""
