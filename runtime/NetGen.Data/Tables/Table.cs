namespace NetGen.Data;

/// <summary>
/// Rows of numbers and categories in memory, column by column: what a <see cref="TableEncoder"/> learns from and encodes. It is made by a
/// <see cref="TableBuilder"/>; the package NetGen.Data.Csv reads files.
/// </summary>
public sealed class Table
{
    private readonly double[]?[] _numbers;
    private readonly int[]?[] _codes;
    private readonly string[]?[] _categories;
    private readonly int[] _lines;

    internal Table(string name, TableColumn[] columns, double[]?[] numbers, int[]?[] codes, string[]?[] categories, int[] lines)
    {
        (Name, Columns, _numbers, _codes, _categories, _lines) = (name, columns, numbers, codes, categories, lines);
    }

    /// <summary>What the table is called in messages: its file.</summary>
    public string Name { get; }

    /// <summary>The columns that were read.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>How many rows.</summary>
    public int Count => _lines.Length;

    /// <summary>Where a row comes from, for messages: table and line.</summary>
    /// <param name="row">From 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public string Describe(int row)
    {
        if ((uint)row >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(row), row, $"There are {Count} rows.");
        return FormattableString.Invariant($"{Name}, line {_lines[row]}");
    }

    /// <summary>The numbers of a column, NaN where one is missing.</summary>
    /// <param name="column">The column's name.</param>
    /// <exception cref="ArgumentException">There is no such column of numbers.</exception>
    public ReadOnlySpan<double> GetNumbers(string column) => _numbers[IndexOf(column)]
        ?? throw new ArgumentException($"{Name}: the column '{column}' has categories, not numbers.", nameof(column));

    /// <summary>The category of a row; null where it is missing.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="row">From 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentException">There is no such column of categories, or no such row.</exception>
    public string? GetCategory(string column, int row)
    {
        int index = IndexOf(column);
        int[] codes = _codes[index]
            ?? throw new ArgumentException($"{Name}: the column '{column}' has numbers, not categories.", nameof(column));
        if ((uint)row >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(row), row, $"There are {Count} rows.");
        return codes[row] < 0 ? null : _categories[index]![codes[row]];
    }

    /// <summary>For each row a number for its category, −1 where it is missing: what <see cref="DataSplit.Stratified"/> takes.</summary>
    /// <param name="column">The column's name.</param>
    /// <exception cref="ArgumentException">There is no such column of categories.</exception>
    public ReadOnlySpan<int> GetCodes(string column) => _codes[IndexOf(column)]
        ?? throw new ArgumentException($"{Name}: the column '{column}' has numbers, not categories.", nameof(column));

    private int IndexOf(string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        for (int i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == column)
                return i;
        }
        throw new ArgumentException(
            $"{Name}: there is no column '{column}'; there are {FileText.List([.. Columns.Select(known => known.Name)])}.", nameof(column));
    }
}
