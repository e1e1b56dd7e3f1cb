// Helpers: every part once, in whatever company, and nothing lost when a part throws.
#include "mambound/helpers.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "mambound/parallel.hpp"

namespace mambound {
namespace {

using namespace std::chrono_literals;

struct Oops : std::runtime_error {
    using std::runtime_error::runtime_error;
};

TEST(Helpers, call_every_part_once) {
    Helpers helpers;
    for (const std::size_t threads : {1, 2, 3, 8})
        for (const std::size_t parts : {0, 1, 2, 7, 255}) {
            std::vector<std::atomic<int>> calls(parts);
            for (int loop = 0; loop < 200; ++loop) {
                ASSERT_TRUE(helpers.run(parts, threads, [&](std::size_t k) { ++calls[k]; }));
                for (const auto& n : calls) ASSERT_EQ(n, loop + 1) << parts << " parts, " << threads << " threads";
            }
        }
}

// What a part wrote is seen by the caller, and by a later loop on any thread.
TEST(Helpers, hand_over_what_they_wrote) {
    Helpers helpers;
    std::vector<long> sum(9, 0);
    for (long loop = 1; loop <= 2000; ++loop) {
        ASSERT_TRUE(helpers.run(sum.size(), 3, [&](std::size_t k) { sum[k] += sum[k] == (loop - 1) * loop / 2 ? loop : -1; }));
        for (const long s : sum) ASSERT_EQ(s, loop * (loop + 1) / 2);
    }
}

TEST(Helpers, are_waited_for) {
    std::atomic<int> done = 0;  // outlives them
    Helpers helpers;
    const auto caller = std::this_thread::get_id();
    for (int loop = 1; loop <= 10; ++loop) {
        (void)helpers.run(2, 2, [&](std::size_t) {
            std::this_thread::sleep_for(std::this_thread::get_id() == caller ? 2ms : 6ms);
            ++done;
        });
        ASSERT_EQ(done, 2 * loop);
    }
}

TEST(Helpers, wake_up_after_a_pause) {
    Helpers helpers;
    std::atomic<int> elsewhere = 0;
    for (int loop = 0; loop < 5; ++loop) {
        std::this_thread::sleep_for(20ms);  // they sleep by now
        const auto caller = std::this_thread::get_id();
        (void)helpers.run(2, 2, [&](std::size_t) {
            if (std::this_thread::get_id() != caller) ++elsewhere;
            std::this_thread::sleep_for(20ms);  // long enough for a helper to take the other part
        });
    }
    EXPECT_GT(elsewhere, 0);
}

TEST(Helpers, do_not_exceed_the_threads_they_are_given) {
    Helpers helpers;
    (void)helpers.run(4, 4, [](std::size_t) {});
    std::atomic<int> now = 0, most = 0;
    for (int loop = 0; loop < 20; ++loop)
        (void)helpers.run(8, 2, [&](std::size_t) {
            const int here = ++now;
            for (int seen = most; here > seen && !most.compare_exchange_weak(seen, here);) {
            }
            std::this_thread::sleep_for(200us);
            --now;
        });
    EXPECT_LE(most, 2);
}

TEST(Helpers, throw_what_a_part_threw_after_the_others) {
    Helpers helpers;
    for (const std::size_t threads : {1, 2}) {
        std::atomic<int> calls = 0;
        EXPECT_THROW((void)helpers.run(20, threads,
                                       [&](std::size_t k) {
                                           ++calls;
                                           if (k % 5 == 3) throw Oops("part");
                                       }),
                     Oops);
        EXPECT_EQ(calls, 20);
        EXPECT_TRUE(helpers.run(3, threads, [&](std::size_t) { ++calls; })) << "still in use";
        EXPECT_EQ(calls, 23);
    }
}

TEST(Helpers, refuse_a_loop_inside_or_beside_another) {
    Helpers helpers;
    bool inside = true;
    std::size_t ahead = 1;
    ASSERT_TRUE(helpers.run(1, 1, [&](std::size_t) {
        inside = helpers.run(1, 2, [](std::size_t) { FAIL(); });
        ahead = helpers.beside([] {}, 1, [](std::size_t) { FAIL(); });
    }));
    EXPECT_FALSE(inside);
    EXPECT_EQ(ahead, 0);
}

TEST(Helpers, beside_work_do_parts_in_order_and_say_how_many) {
    Helpers helpers;
    std::size_t most = 0;
    for (int loop = 0; loop < 50; ++loop) {
        std::vector<std::atomic<int>> calls(40);
        const auto caller = std::this_thread::get_id();
        const std::size_t done = helpers.beside([] { std::this_thread::sleep_for(1ms); }, calls.size(),
                                                [&](std::size_t k) {
                                                    EXPECT_NE(std::this_thread::get_id(), caller);
                                                    std::this_thread::sleep_for(50us);
                                                    ++calls[k];
                                                });
        most = std::max(most, done);
        for (std::size_t k = 0; k < calls.size(); ++k) ASSERT_EQ(calls[k], k < done ? 1 : 0) << "part " << k << " of " << done;
    }
    EXPECT_GT(most, 0);
}

TEST(Helpers, beside_work_throw_what_either_threw) {
    Helpers helpers;
    EXPECT_THROW((void)helpers.beside([] { throw Oops("work"); }, 3, [](std::size_t) {}), Oops);
    EXPECT_THROW((void)helpers.beside([] { std::this_thread::sleep_for(50ms); }, 3, [](std::size_t) { throw Oops("part"); }),
                 Oops);
    EXPECT_TRUE(helpers.run(1, 2, [](std::size_t) {}));
}

// Threads of different callers: one has the helpers, the others do without.
TEST(Helpers, serve_one_caller_at_a_time) {
    std::vector<std::thread> callers;
    std::atomic<int> calls = 0;
    for (int c = 0; c < 4; ++c)
        callers.emplace_back([&] {
            for (int loop = 0; loop < 300; ++loop) for_each_short_part(5, [&](std::size_t) { ++calls; });
        });
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(calls, 4 * 300 * 5);
}

}  // namespace
}  // namespace mambound
