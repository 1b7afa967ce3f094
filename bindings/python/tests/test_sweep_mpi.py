# SPDX-License-Identifier: MIT
"""The study by mpi4py, on two workers of this machine: with the argument "work", this is the program
that mpiexec runs."""
import importlib.util
import os
import shutil
import subprocess
import sys
import unittest

from test_plans import needs
from test_sweep import study


@needs("pandas")
@unittest.skipUnless(importlib.util.find_spec("mpi4py") and shutil.which("mpiexec"),
                     "needs mpi4py and mpiexec")
class Mpi(unittest.TestCase):
    def test_the_same(self):
        environment = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1",
                       "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                       # Two of a machine with fewer processors; no network for three processes.
                       "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_btl": "self,vader",
                       "OMPI_MCA_plm_rsh_agent": "", "OMPI_MCA_hwloc_base_binding_policy": "none"}
        run = subprocess.run(["mpiexec", "-n", "3", sys.executable, "-m", "mpi4py.futures",
                              os.path.abspath(__file__), "work"], env=environment,
                             stdout=subprocess.PIPE, timeout=120, text=True)
        self.assertEqual(run.returncode, 0)
        self.assertEqual(run.stdout, study())


def work():
    from mpi4py.futures import MPIPoolExecutor
    with MPIPoolExecutor() as executor:
        processes = {executor.submit(os.getpid).result() for _ in range(20)}
        if os.getpid() in processes:
            sys.exit("the tasks run in the process that asks")
        sys.stdout.write(study(executor, chunk=4))


if __name__ == "__main__":
    if sys.argv[1:] == ["work"]:
        work()
    else:
        unittest.main()
