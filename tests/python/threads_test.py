"""Long calls end soon after Ctrl-C, let other threads of Python run, and do not disturb each other."""

import signal
import threading
import time
import unittest

import mambound
from program import SMALL, Program

SOON = 20  # seconds, on a busy machine


class Threads(Program):
    def assertInterrupted(self, call):
        """call() would take much longer; a second after it began comes Ctrl-C."""
        timer = threading.Timer(1, signal.raise_signal, [signal.SIGINT])
        begin = time.monotonic()
        timer.start()
        with self.assertRaises(KeyboardInterrupt):
            call()
        self.assertLess(time.monotonic() - begin, SOON)
        timer.join()

    def test_ctrl_c_ends_every_long_call(self):
        model, patterns, _ = mambound.train(mambound.Setting(T=200, B=100))
        prompt = {"x": [[0.1] * 30] * 1000, "y": [1] * 1000, "x_query": [0.1] * 30, "z": 1}
        self.assertInterrupted(lambda: mambound.train(mambound.Setting(T=10**8)))
        self.assertInterrupted(lambda: mambound.evaluate(model, [prompt] * 200, scalar="mp100", gradient=True))
        self.assertInterrupted(lambda: mambound.certify(model, patterns, 6000, 0.5, 8))
        mambound.certify(model, patterns, 600, 0.5, 8, certificate="c.json")
        self.assertInterrupted(lambda: mambound.check("c.json", model, patterns))
        self.assertInterrupted(lambda: mambound.certify_error(model, patterns, 20, 1, 8, 0.5, rule="coin", gap=1e-9, work=1e15))
        self.assertInterrupted(lambda: mambound.verify(profile="full"))
        self.assertInterrupted(lambda: mambound.sweep({"grid": {"alpha": [0.2, 0.5]}, "runs": 10**5}))
        # nothing is left of them
        self.assertEqual(mambound.train(mambound.Setting(**SMALL), seed=3).model, mambound.train(mambound.Setting(**SMALL), seed=3).model)
        self.assertEqual(mambound.verify("eq3")["claims"][0]["verdict"], "holds")

    def test_a_handler_that_does_not_raise_ends_nothing(self):
        seen = []
        before = signal.signal(signal.SIGINT, lambda number, frame: seen.append(number))
        try:
            timer = threading.Timer(0.05, signal.raise_signal, [signal.SIGINT])
            timer.start()
            self.assertEqual(mambound.train(mambound.Setting(T=3000)).summary["iterations"], 3000)
            timer.join()
            self.assertEqual(seen, [signal.SIGINT])
        finally:
            signal.signal(signal.SIGINT, before)

    def test_other_threads_run_meanwhile(self):
        ended = []
        worker = threading.Thread(target=lambda: ended.append(mambound.train(mambound.Setting(T=5000))))
        ticks, begin = 0, time.monotonic()
        worker.start()
        while worker.is_alive():
            time.sleep(0.005)
            ticks += not ended
        self.assertEqual(len(ended), 1)
        self.assertGreater(ticks * 0.005, (time.monotonic() - begin) / 10)

    # A simulated significand has one length for the whole process.
    def test_calls_of_several_threads_take_turns(self):
        symbols = mambound.Setting(**SMALL)
        model = mambound.train(symbols).model
        prompt = {"x": [[1 / (3 + k) for k in range(8)]] * 500, "y": [1] * 500, "x_query": [0.3] * 8, "z": 1}

        def trained(bits):
            return mambound.train(symbols, scalar=f"p{bits}").summary["loss"]

        def evaluated(bits):
            return mambound.evaluate(model, prompt, scalar=f"p{bits}", gradient=True)["F"]

        calls = [(call, bits) for bits in (8, 12, 24, 8) for call in (trained, evaluated)]
        alone = [call(bits) for call, bits in calls]
        self.assertEqual(len(set(alone)), 6, "lengths can be told apart")
        found = [None] * len(calls)

        def keep(k):
            found[k] = calls[k][0](calls[k][1])

        for _ in range(5):
            workers = [threading.Thread(target=keep, args=[k]) for k in range(len(calls))]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            self.assertEqual(found, alone)


if __name__ == "__main__":
    unittest.main()
