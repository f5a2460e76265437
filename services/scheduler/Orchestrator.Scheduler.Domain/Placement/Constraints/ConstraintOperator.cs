namespace Orchestrator.Scheduler.Domain.Placement.Constraints;

public enum ConstraintOperator
{
    Equal,
    NotEqual,
    In,
    NotIn,
    Exists,
    Greater,
    Less,
    Matches,
}
