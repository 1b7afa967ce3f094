# SPDX-License-Identifier: MIT
"""The study by Dask, on a cluster of two workers of this machine, one of which is killed."""
import importlib.util
import os
import signal
import unittest

from test_plans import needs
from test_sweep import study


@needs("pandas")
@unittest.skipUnless(importlib.util.find_spec("distributed"), "needs distributed")
class Dask(unittest.TestCase):
    def test_the_same(self):
        from distributed import Client, LocalCluster
        expected = study()
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, \
                Client(cluster) as client:
            with client.get_executor() as executor:
                self.assertEqual(study(executor), expected)
                self.assertEqual(study(executor, chunk=8), expected)

                # The nanny starts another worker, and the scheduler gives it what was lost.
                seen = []

                class Killing:
                    def submit(self, function, *arguments):
                        seen.append(function)
                        if len(seen) == 40:
                            os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
                        return executor.submit(function, *arguments)

                self.assertEqual(study(Killing()), expected)
                self.assertEqual(len(seen), 121)


if __name__ == "__main__":
    unittest.main()
