using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;

namespace Orchestrator.Messaging;

/// <summary>One message's look at a saga: load, run, save, each write naming the version it read.</summary>
internal sealed class SagaContext<TSaga, TMessage>(
    ISagaStore<TSaga> store, ConsumeContext<TMessage> context, ISagaConsumeContextFactory<ISagaStore<TSaga>, TSaga> factory)
    : ConsumeContextScope<TMessage>(context), SagaRepositoryContext<TSaga, TMessage>
    where TSaga : class, SagaStateMachineInstance
    where TMessage : class
{
    private readonly ConsumeContext<TMessage> _context = context;

    public Task<SagaConsumeContext<TSaga, TMessage>> Add(TSaga instance) =>
        factory.CreateSagaConsumeContext(store, _context, instance, SagaConsumeContextMode.Add);

    /// <summary>Null when it is there already: the pipe loads it then.</summary>
    public async Task<SagaConsumeContext<TSaga, TMessage>> Insert(TSaga instance) =>
        await store.TryInsertAsync(instance, CancellationToken)
            ? await factory.CreateSagaConsumeContext(store, _context, instance, SagaConsumeContextMode.Insert)
            : null!;

    public async Task<SagaConsumeContext<TSaga, TMessage>> Load(Guid correlationId) =>
        await store.FindAsync(correlationId, CancellationToken) is { } found
            ? await factory.CreateSagaConsumeContext(store, _context, found, SagaConsumeContextMode.Load)
            : null!;

    public async Task Save(SagaConsumeContext<TSaga> context) =>
        Check(context.Saga, await store.TryInsertAsync(context.Saga, CancellationToken));

    public async Task Update(SagaConsumeContext<TSaga> context) =>
        Check(context.Saga, await store.TryReplaceAsync(context.Saga, CancellationToken));

    public Task Delete(SagaConsumeContext<TSaga> context) => store.DeleteAsync(context.Saga, CancellationToken);

    public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task Undo(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task<SagaConsumeContext<TSaga, T>> CreateSagaConsumeContext<T>(ConsumeContext<T> consumeContext, TSaga instance, SagaConsumeContextMode mode)
        where T : class => factory.CreateSagaConsumeContext(store, consumeContext, instance, mode);

    private static void Check(TSaga saga, bool stored)
    {
        if (!stored)
        {
            throw new SagaConflictException(typeof(TSaga), saga.CorrelationId);
        }
    }
}
