"""HermitCore's toolchain as a Spack package: an external (see packages.yaml) that packages may depend on."""

import os

from spack.package import *


class HermitToolchain(Package):
    """HermitCore, a library operating system for HPC: C, C++ and Fortran compilers whose programs are images that run
    as a sandboxed Linux process or in a virtual machine."""

    has_code = False

    executables = [r"^x86_64-hermit-gcc$"]

    version("@VERSION@")

    @classmethod
    def determine_version(cls, exe):
        output = Executable(exe)("--version", output=str, error=str)
        for line in output.splitlines():
            if line.startswith("hermit-toolchain "):
                return line.split()[1]
        return None

    def setup_dependent_build_environment(self, env, dependent_spec):
        tool = lambda name: os.path.join(self.prefix.bin, "x86_64-hermit-" + name)
        env.prepend_path("PATH", self.prefix.bin)
        for variable, name in [
            ("CC", "gcc"),
            ("CXX", "g++"),
            ("FC", "gfortran"),
            ("F77", "gfortran"),
            ("AR", "ar"),
            ("RANLIB", "ranlib"),
            ("PKG_CONFIG", "pkg-config"),
        ]:
            env.set(variable, tool(name))
        env.set("CONFIG_SITE", os.path.join(self.prefix.share, "config.site"))
        env.set("HERMIT_PREFIX", self.prefix)

    def install(self, spec, prefix):
        raise InstallError("install HermitCore's packages, and name their prefix in packages.yaml")
