using System.Globalization;
using nietras.SeparatedValues;

namespace NetGen.Data;

/// <summary>Reads tables from files of separated values with a header: CSV, TSV and the like, with quoted cells.</summary>
public static class CsvTable
{
    /// <summary>Reads the columns that are named, in one pass.</summary>
    /// <param name="path">The file, in UTF-8.</param>
    /// <param name="columns">The columns, by the names of the header.</param>
    /// <param name="separator">What stands between cells; null finds it in the header, among <c>; , | </c> and tabulators.</param>
    /// <param name="missing">
    /// Cells that stand for a missing value; null for the empty one, NA, N/A, NaN, nan, null and ?. Blanks around cells do not count.
    /// </param>
    /// <exception cref="ArgumentException">There are no columns, two of one name, or more than one target.</exception>
    /// <exception cref="InvalidDataException">
    /// The header lacks a column, a line has more or fewer cells than it, a cell is no finite number where one is expected, or a target is
    /// missing: the message has file, line and column.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Table Read(string path, IEnumerable<TableColumn> columns, char? separator = null, IEnumerable<string>? missing = null)
    {
        using FileStream stream = FileAccessor.Access(path, File.OpenRead);
        return Read(stream, path, columns, separator, missing);
    }

    /// <summary>Reads the columns that are named from a stream.</summary>
    /// <param name="stream">The file's contents in UTF-8. It stays open.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="columns">The columns, by the names of the header.</param>
    /// <param name="separator">What stands between cells; null finds it in the header.</param>
    /// <param name="missing">Cells that stand for a missing value; null for those of <see cref="Read(string, IEnumerable{TableColumn},
    /// char?, IEnumerable{string}?)"/>.</param>
    /// <exception cref="ArgumentException">There are no columns, two of one name, or more than one target.</exception>
    /// <exception cref="InvalidDataException">As with a file.</exception>
    public static Table Read(
        Stream stream, string name, IEnumerable<TableColumn> columns, char? separator = null, IEnumerable<string>? missing = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(columns);
        TableColumn[] wanted = [.. columns];
        var builder = new TableBuilder(name, wanted, missing);
        int line = 1;
        try
        {
            SepReaderOptions options = (separator is { } given ? Sep.New(given).Reader() : Sep.Reader())
                with { Unescape = true, Trim = SepTrim.All };
            // Sep closes what it is given.
            using SepReader reader = options.From(new StreamReader(stream, leaveOpen: true));
            int[] places = new int[wanted.Length];
            for (int i = 0; i < wanted.Length; i++)
            {
                if (!reader.Header.TryIndexOf(wanted[i].Name, out places[i]))
                    throw new InvalidDataException($"{name}: there is no column '{wanted[i].Name}'; the header has "
                        + $"{FileText.List(reader.Header.ColNames)}.");
            }
            foreach (SepReader.Row row in reader)
            {
                line = row.LineNumberFrom;
                for (int i = 0; i < places.Length; i++)
                    builder.Set(i, row[places[i]].Span, line);
                builder.EndRow(line);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException && !IsOurs(exception, name))
        {
            // Sep's own words about the number of cells.
            throw new InvalidDataException(
                string.Create(CultureInfo.InvariantCulture, $"{name}, after line {line}: {exception.Message}"), exception);
        }
        return builder.Build();
    }

    private static bool IsOurs(Exception exception, string name) => exception.Message.StartsWith(name, StringComparison.Ordinal);
}
