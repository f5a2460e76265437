using MassTransit;

namespace Orchestrator.Messaging;

/// <summary>Refuses bodies that do not say what they are, except where outsiders may send: a raw body would pass for any message.</summary>
internal sealed class RequireTypeHeaderFilter(OutsiderQueues outsiders) : IFilter<ConsumeContext>
{
    private const string TypeHeader = "MT-MessageType";

    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next) =>
        outsiders.Contains(context.ReceiveContext.InputAddress) || context.ReceiveContext.TransportHeaders.TryGetHeader(TypeHeader, out _)
            ? next.Send(context)
            : throw new MessageException(typeof(object), $"a body without {TypeHeader} came to {context.ReceiveContext.InputAddress.AbsolutePath}; send commands to their own exchange");

    public void Probe(ProbeContext context) => context.CreateFilterScope("require-type-header");
}
