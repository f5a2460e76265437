using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Api.Commands;

/// <summary>Each instance wakes its own requests.</summary>
internal sealed class CommandAnsweredSignalConsumer(CommandAnswers answers, CommandPublisher publisher) : IConsumer<CommandAnswered>
{
    public Task Consume(ConsumeContext<CommandAnswered> context)
    {
        answers.Answered(context.Message.CommandId);
        publisher.Answered(context.Message.App ?? "");
        return Task.CompletedTask;
    }
}
