using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Messaging;

namespace Orchestrator.Api.Join;

/// <summary>Who asks is known by the broker's user: only a token's own user gets an answer, to its own queue.</summary>
internal sealed class JoinNodeConsumer(JoinTokens tokens, ILogger<JoinNodeConsumer> logger) : IConsumer<JoinNode>
{
    public async Task Consume(ConsumeContext<JoinNode> context)
    {
        if (BrokerUsers.JoinIdOf(context.BrokerUser()) is not { } tokenId)
        {
            throw new MessageException(typeof(JoinNode), $"user '{context.BrokerUser()}' is no join token's; ask with a token of 'orch node join-command'");
        }

        var answer = await tokens.AdmitAsync(tokenId, context.Message.NodeId, context.CancellationToken);
        Log.NodeAsked(logger, context.Message.NodeId, answer.Refusal ?? "admitted");
        var endpoint = await context.GetSendEndpoint(new Uri($"exchange:{BrokerUsers.JoinQueue(tokenId)}?temporary=true"));
        await endpoint.Send(answer, context.CancellationToken);
    }
}
