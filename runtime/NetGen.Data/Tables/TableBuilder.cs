using System.Globalization;

namespace NetGen.Data;

/// <summary>
/// Takes a table row by row, from wherever it comes: <see cref="Set"/> for each of a row's columns, and then <see cref="EndRow"/>.
/// </summary>
public sealed class TableBuilder
{
    private static readonly string[] DefaultMissing = ["", "NA", "N/A", "NaN", "nan", "null", "?"];

    private readonly string _name;
    private readonly TableColumn[] _columns;
    private readonly string[] _missing;
    private readonly List<double>?[] _numbers;
    private readonly List<int>?[] _codes;
    private readonly Dictionary<string, int>?[] _categories;
    private readonly List<int> _lines = [];
    private readonly double[] _rowNumbers;
    private readonly int[] _rowCodes;
    private readonly bool[] _isSet;

    /// <summary>Begins a table.</summary>
    /// <param name="name">What to call it in messages: its file.</param>
    /// <param name="columns">The columns, each of another name.</param>
    /// <param name="missing">Cells that stand for a missing value; null for the empty one, NA, N/A, NaN, nan, null and ?.</param>
    /// <exception cref="ArgumentException">There are no columns, two of one name, or more than one target.</exception>
    public TableBuilder(string name, IEnumerable<TableColumn> columns, IEnumerable<string>? missing = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(columns);
        _name = name;
        _columns = [.. columns];
        _missing = missing is null ? DefaultMissing : [.. missing];
        Check(_columns, nameof(columns));
        _numbers = [.. _columns.Select(column => column.IsNumber ? new List<double>() : null)];
        _codes = [.. _columns.Select(column => column.IsNumber ? null : new List<int>())];
        _categories = [.. _columns.Select(column => column.IsNumber ? null : new Dictionary<string, int>(StringComparer.Ordinal))];
        _rowNumbers = new double[_columns.Length];
        _rowCodes = new int[_columns.Length];
        _isSet = new bool[_columns.Length];
    }

    /// <summary>Says what the row has in a column.</summary>
    /// <param name="column">The column's number, from 0, as they were given.</param>
    /// <param name="cell">A number in the invariant culture, a category, or a missing value.</param>
    /// <param name="line">The row's line, for messages.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    /// <exception cref="InvalidDataException">The cell is no finite number, and the column has numbers; or a target is missing.</exception>
    public void Set(int column, ReadOnlySpan<char> cell, int line)
    {
        if ((uint)column >= (uint)_columns.Length)
            throw new ArgumentOutOfRangeException(nameof(column), column, $"There are {_columns.Length} columns.");
        bool isMissing = IsMissing(cell);
        if (isMissing && _columns[column].IsTarget)
            throw Wrong(column, line, $"expected the target, found '{cell}', which stands for a missing one");
        if (!_columns[column].IsNumber)
            _rowCodes[column] = isMissing ? -1 : Code(_categories[column]!, cell);
        else if (isMissing)
            _rowNumbers[column] = double.NaN;
        else if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            _rowNumbers[column] = number;
        else
            throw Wrong(column, line, $"expected a finite number, found {FileText.Quote(cell.ToString())}");
        _isSet[column] = true;
    }

    /// <summary>Ends the row.</summary>
    /// <param name="line">Its line, for messages.</param>
    /// <exception cref="InvalidOperationException">A column was not set.</exception>
    public void EndRow(int line)
    {
        if (Array.IndexOf(_isSet, false) is >= 0 and int unset)
            throw new InvalidOperationException(FormattableString.Invariant(
                $"{_name}, line {line}: the column '{_columns[unset].Name}' was not set."));
        for (int i = 0; i < _columns.Length; i++)
        {
            _numbers[i]?.Add(_rowNumbers[i]);
            _codes[i]?.Add(_rowCodes[i]);
        }
        _lines.Add(line);
        Array.Clear(_isSet);
    }

    /// <summary>Makes the table of the rows so far.</summary>
    public Table Build() => new(_name, _columns, [.. _numbers.Select(list => list?.ToArray())], [.. _codes.Select(list => list?.ToArray())],
        [.. _categories.Select(known => known?.Keys.ToArray())], [.. _lines]);

    internal static void Check(TableColumn[] columns, string parameter)
    {
        if (columns.Length == 0 || Array.IndexOf(columns, null) >= 0)
            throw new ArgumentException("Expected at least one column, and none that is null.", parameter);
        if (columns.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"The column '{twice.Key}' is named twice.", parameter);
        string[] targets = [.. columns.Where(column => column.IsTarget).Select(column => column.Name)];
        if (targets.Length > 1)
            throw new ArgumentException($"Expected one target, got {FileText.List(targets)}.", parameter);
    }

    private static int Code(Dictionary<string, int> known, ReadOnlySpan<char> category)
    {
        string text = category.ToString();
        if (!known.TryGetValue(text, out int code))
            known.Add(text, code = known.Count);
        return code;
    }

    private bool IsMissing(ReadOnlySpan<char> cell)
    {
        foreach (string missing in _missing)
        {
            if (cell.SequenceEqual(missing))
                return true;
        }
        return false;
    }

    private InvalidDataException Wrong(int column, int line, string problem)
        => new(FormattableString.Invariant($"{_name}, line {line}, column '{_columns[column].Name}': {problem}."));
}
