using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orchestrator.State;

/// <summary>Duration and outcome of each call to a store. A call is named by the store's file and the method, which the compiler fills in.</summary>
internal static class StoreMetrics
{
    private static readonly Meter Meter = new("Orchestrator.State");

    private static readonly Histogram<double> Calls = Meter.CreateHistogram<double>(
        "orchestrator_store_call_duration_seconds", "s", "Calls to the store, by store, operation and outcome (ok, unavailable, failed, cancelled).");

    private static readonly ConcurrentDictionary<(string File, string Method), (string Store, string Operation)> Names = new();

    public static void Done(string file, string method, long start, Exception? failure)
    {
        if (!Calls.Enabled)
        {
            return;
        }

        var (store, operation) = Names.GetOrAdd((file, method), static call => (StoreOf(call.File), OperationOf(call.Method)));
        Calls.Record(
            Stopwatch.GetElapsedTime(start).TotalSeconds,
            new KeyValuePair<string, object?>("store", store),
            new KeyValuePair<string, object?>("operation", operation),
            new KeyValuePair<string, object?>("outcome", failure switch
            {
                null => "ok",
                StoreUnavailableException => "unavailable",
                OperationCanceledException => "cancelled",
                _ => "failed",
            }));
    }

    /// <summary><c>…/Mongo/MongoTaskStore.cs</c> → <c>TaskStore</c>: the same on every engine.</summary>
    private static string StoreOf(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file.AsSpan());
        var engine = name.StartsWith("Mongo", StringComparison.Ordinal) ? "Mongo".Length : name.StartsWith("Sqlite", StringComparison.Ordinal) ? "Sqlite".Length : 0;
        return name[engine..].ToString();
    }

    private static string OperationOf(string method) => method.EndsWith("Async", StringComparison.Ordinal) ? method[..^"Async".Length] : method;
}
