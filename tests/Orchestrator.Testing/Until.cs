using System.Collections;

namespace Orchestrator.Testing;

/// <summary>Waits for a condition, never for a time.</summary>
public static class Until
{
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <param name="look">What is there now.</param>
    /// <param name="good">Whether that will do.</param>
    /// <param name="what">What is waited for, for the error.</param>
    /// <param name="deadline">Default: <see cref="Deadline"/>.</param>
    /// <returns>The first that will do.</returns>
    /// <exception cref="TimeoutException">None did; with what was there last.</exception>
    public static async Task<T> IsAsync<T>(Func<Task<T>> look, Func<T, bool> good, string what, TimeSpan? deadline = null)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (good(seen))
            {
                return seen;
            }

            if (time.GetElapsedTime(start) > (deadline ?? Deadline))
            {
                throw new TimeoutException($"{what}: not within {deadline ?? Deadline}; last seen: {Told(seen)}");
            }

            await Task.Delay(Step, time);
        }
    }

    // A list would say no more than its type.
    private static string Told<T>(T seen) =>
        seen is IEnumerable list and not string ? string.Join('\n', list.Cast<object?>()) : $"{seen}";
}
