using System.Reflection;
using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Messaging;

/// <summary>Finds which node a report speaks of.</summary>
internal static class ReportSenders
{
    private const string Reports = "orchestrator.reports.";
    private static readonly Dictionary<string, Func<ConsumeContext, string?>> NodeIdOf = Find();

    /// <returns>The node id of each report that the message may be read as; empty: it is no report.</returns>
    public static IReadOnlyList<string?> NodeIds(ConsumeContext context) =>
        [.. context.SupportedMessageTypes.Select(urn => NodeIdOf.GetValueOrDefault(urn)).OfType<Func<ConsumeContext, string?>>().Select(read => read(context))];

    private static Dictionary<string, Func<ConsumeContext, string?>> Find()
    {
        var bind = typeof(ReportSenders).GetMethod(nameof(ReaderOf), BindingFlags.NonPublic | BindingFlags.Static)!;
        return typeof(IOrchestratorEvent).Assembly.GetExportedTypes()
            .Where(type => type.GetCustomAttribute<MessageNameAttribute>(inherit: false)?.Name.StartsWith(Reports, StringComparison.Ordinal) == true)
            .ToDictionary(
                type => MessageUrn.ForTypeString(type),
                type => (Func<ConsumeContext, string?>)bind.MakeGenericMethod(type).Invoke(null, null)!,
                StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Reads what the consumer will read: the same body may name a node twice.</summary>
    private static Func<ConsumeContext, string?> ReaderOf<T>()
        where T : class
    {
        var nodeId = typeof(T).GetProperty("NodeId")?.GetMethod?.CreateDelegate<Func<T, string>>()
            ?? throw new InvalidOperationException($"{typeof(T).Name} is a report without NodeId");
        return context => context.TryGetMessage<T>(out var report) ? nodeId(report.Message) : null;
    }
}
