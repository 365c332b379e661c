using System.Globalization;

namespace NetGenSpace;

/// <summary>Rows of numbers: what the network learns from, until you put your own data here.</summary>
/// <param name="Names">What the columns are called.</param>
/// <param name="Inputs">Of each row all columns but the last, one row after the other.</param>
/// <param name="Targets">The last column of each row.</param>
public sealed record Table(IReadOnlyList<string> Names, float[] Inputs, float[] Targets)
{
    /// <summary>How many rows there are.</summary>
    public int Count => Targets.Length;

    /// <summary>Reads a CSV file whose first line has the names of the columns.</summary>
    /// <exception cref="InvalidDataException">A line has another number of columns, or something that is no number.</exception>
    public static Table Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        string[] names = lines.Length > 0 ? lines[0].Split(',') : [];
        List<float> inputs = [], targets = [];
        for (int i = 1; i < lines.Length; i++)
        {
            string[] cells = lines[i].Split(',');
            if (cells.Length != names.Length)
                throw new InvalidDataException($"{path}, line {i + 1}: expected {names.Length} columns, found {cells.Length}.");
            for (int column = 0; column < cells.Length; column++)
            {
                if (!float.TryParse(cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out float value))
                    throw new InvalidDataException($"{path}, line {i + 1}, {names[column]}: expected a number, found '{cells[column]}'.");
                (column < cells.Length - 1 ? inputs : targets).Add(value);
            }
        }

        if (targets.Count == 0)
            throw new InvalidDataException($"{path}: expected rows below the names of the columns, found none.");
        return new Table(names, [.. inputs], [.. targets]);
    }

    /// <summary>Some of the rows.</summary>
    public Table Rows(Range rows)
    {
        (int first, int count) = rows.GetOffsetAndLength(Count);
        int columns = Inputs.Length / Count;
        return new Table(Names, Inputs[(first * columns)..((first + count) * columns)], Targets[first..(first + count)]);
    }
}
