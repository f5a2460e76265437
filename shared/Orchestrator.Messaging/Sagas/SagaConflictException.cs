using MassTransit;

namespace Orchestrator.Messaging;

/// <summary>Another message changed the instance first: the message is taken again, on what is stored now.</summary>
public sealed class SagaConflictException(Type saga, Guid id) : ConcurrencyException($"{saga.Name} {id:N} was changed meanwhile", saga, id);
