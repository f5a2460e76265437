using MassTransit;

namespace Orchestrator.Scheduler.Commands;

internal static class CommandIds
{
    /// <summary>The sender's id; else the message's; else a new one, which the answer tells.</summary>
    public static string Of<T>(ConsumeContext<T> context, string? commandId)
        where T : class =>
        !string.IsNullOrWhiteSpace(commandId) ? commandId : (context.MessageId ?? NewId.NextGuid()).ToString("N");
}
