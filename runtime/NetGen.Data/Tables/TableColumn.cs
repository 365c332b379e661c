namespace NetGen.Data;

/// <summary>A column of a table that is used, and what it is used as. Columns that are not named are not read.</summary>
public sealed class TableColumn
{
    private TableColumn(string name, ColumnKind kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (Name, Kind) = (name, kind);
    }

    /// <summary>What the table's header calls it.</summary>
    public string Name { get; }

    internal ColumnKind Kind { get; }

    internal Scaling Scaling { get; private init; }

    internal MissingNumber Missing { get; private init; }

    /// <summary>Whether categories that were not among the training rows, or are missing, become zeros.</summary>
    internal bool TakesUnknown { get; private init; }

    internal bool IsNumber => Kind is ColumnKind.Number or ColumnKind.Value;

    internal bool IsTarget => Kind is ColumnKind.Value or ColumnKind.Label;

    /// <summary>Numbers, one feature.</summary>
    /// <param name="name">What the table's header calls the column.</param>
    /// <param name="scaling">How they are scaled, by what the training rows have.</param>
    /// <param name="missing">What becomes of those that are missing.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static TableColumn Number(string name, Scaling scaling = Scaling.Standard, MissingNumber missing = MissingNumber.Error)
        => new(name, ColumnKind.Number) { Scaling = Known(scaling), Missing = missing };

    /// <summary>
    /// Categories, a feature for each: 1 for the row's own, 0 for the others. They are sorted by their characters (ordinal).
    /// </summary>
    /// <param name="name">What the table's header calls the column.</param>
    /// <param name="ignoreUnknown">
    /// Whether a category that the training rows have not, or a missing one, becomes zeros; else it is an error.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static TableColumn OneHot(string name, bool ignoreUnknown = false)
        => new(name, ColumnKind.OneHot) { TakesUnknown = ignoreUnknown };

    /// <summary>
    /// Categories as ints, for an <c>Embedding</c>: those of the training rows count from 1, and 0 stands for others and for missing ones.
    /// Each such column is an input of ints of its own, behind that of the features.
    /// </summary>
    /// <param name="name">What the table's header calls the column.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static TableColumn Index(string name) => new(name, ColumnKind.Index) { TakesUnknown = true };

    /// <summary>Numbers to be told from the features: regression. Rows without one are an error.</summary>
    /// <param name="name">What the table's header calls the column.</param>
    /// <param name="scaling">How they are scaled for training; <see cref="TableEncoder.DecodeTarget"/> undoes it.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static TableColumn Target(string name, Scaling scaling = Scaling.None)
        => new(name, ColumnKind.Value) { Scaling = Known(scaling) };

    /// <summary>Classes to be told from the features, sorted by their characters (ordinal) and numbered from 0.</summary>
    /// <param name="name">What the table's header calls the column.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static TableColumn ClassTarget(string name) => new(name, ColumnKind.Label);

    private static Scaling Known(Scaling scaling) => scaling is >= Scaling.None and <= Scaling.Robust
        ? scaling : throw new ArgumentOutOfRangeException(nameof(scaling), scaling, "Expected None, Standard, MinMax or Robust.");
}
