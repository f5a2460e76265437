using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;

namespace Orchestrator.Messaging;

public static class SagaEndpoints
{
    private const int Tries = 12;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LastWait = TimeSpan.FromMilliseconds(200);

    /// <summary>Keeps the instances in the <see cref="ISagaStore{TSaga}"/> that is registered.</summary>
    public static void KeepInStore<TSaga>(this ISagaRegistrationConfigurator<TSaga> saga)
        where TSaga : class, SagaStateMachineInstance =>
        saga.Repository(repository =>
        {
            repository.RegisterLoadSagaRepository<TSaga, SagaContextFactory<TSaga>>();
            repository.RegisterSagaRepository<TSaga, ISagaStore<TSaga>, SagaConsumeContextFactory<ISagaStore<TSaga>, TSaga>, SagaContextFactory<TSaga>>();
        });

    /// <summary>The order matters: a conflict is tried again outside, and messages leave inside when the instance is saved.</summary>
    public static void TakeForSaga(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<ConcurrencyException>();
            retry.Exponential(Tries, FirstWait, LastWait, FirstWait);
        });
        endpoint.UseInMemoryOutbox(context);
    }
}
