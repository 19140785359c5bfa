"""Build hook of the wheel: the grammar goes in as text, and compiled to the parser's tables."""

import json
import sys
import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GrammarTables(BuildHookInterface):
    """An editable install needs neither: it reads the grammar in place and caches its tables."""

    def initialize(self, version, build_data):
        if self.target_name != "wheel" or version == "editable":
            return
        sys.path.insert(0, self.root)
        from autodiff_cli.language.tables import build_tables

        grammar = Path(self.root, "grammar", "adiff.lark")
        self.folder = tempfile.TemporaryDirectory()
        tables = Path(self.folder.name, "tables.json")
        tables.write_text(json.dumps(build_tables(grammar.read_text(encoding="utf-8"))), encoding="utf-8")
        build_data["force_include"][str(grammar)] = "autodiff_cli/grammar/adiff.lark"
        build_data["force_include"][str(tables)] = "autodiff_cli/language/tables.json"

    def finalize(self, version, build_data, artifact_path):
        if hasattr(self, "folder"):
            self.folder.cleanup()
