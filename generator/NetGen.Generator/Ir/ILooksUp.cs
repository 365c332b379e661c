namespace NetGen.Generator.Ir;

/// <summary>An op whose first input is ints, each of which is the number of a row of a table.</summary>
internal interface ILooksUp
{
    /// <summary>Rows of the table: ints are below it, and 0 or more.</summary>
    int Rows { get; }
}

/// <summary>The op of the gradient of a table, the tensor in the slot <c>weight</c>.</summary>
internal interface ITableGradient
{
    /// <summary>Other layers use the table as well, and what they give is added.</summary>
    bool IsShared { get; }

    Op AsShared();
}

/// <summary>Which ints can be looked up.</summary>
internal static class Lookups
{
    /// <summary>
    /// What ints are below that all readers of a value can look up; null where nobody looks them up, as floats that such an op reads
    /// besides.
    /// </summary>
    public static int? LimitOf(Value value)
        => !value.Shape.IsInts ? null
            : value.Consumers.Select(consumer => (consumer.Op as ILooksUp)?.Rows).Where(rows => rows is not null).Min();
}
