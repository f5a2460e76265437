using MassTransit;
using MassTransit.Middleware;
using MassTransit.Saga;

namespace Orchestrator.Messaging;

/// <summary>Opens a saga's store for one message. Instances are found by their id only.</summary>
public sealed class SagaContextFactory<TSaga>(ISagaStore<TSaga> store, ISagaConsumeContextFactory<ISagaStore<TSaga>, TSaga> factory)
    : ISagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>
    where TSaga : class, SagaStateMachineInstance
{
    public void Probe(ProbeContext context) => context.CreateScope("sagaRepository").Add("persistence", "versioned documents");

    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next)
        where T : class => next.Send(new SagaContext<TSaga, T>(store, context, factory));

    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next)
        where T : class => throw new NotSupportedException($"{typeof(TSaga).Name} is found by its id only");

    public Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken)
        where T : class => asyncMethod(new Reader(store, cancellationToken));

    private sealed class Reader(ISagaStore<TSaga> store, CancellationToken cancellation) : BasePipeContext(cancellation), LoadSagaRepositoryContext<TSaga>
    {
        public async Task<TSaga> Load(Guid correlationId) => (await store.FindAsync(correlationId, CancellationToken))!;
    }
}
