namespace Orchestrator.Contracts;

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
