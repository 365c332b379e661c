using System.Text;

namespace NetGen.Benchmarks.Reporting;

/// <summary>Collects Markdown, shows it on the console as it comes, and writes it to a file at the end.</summary>
internal sealed class MarkdownReport(string? file)
{
    private readonly StringBuilder _text = new();

    public void Line(string line = "")
    {
        _text.Append(line).Append('\n');
        Console.WriteLine(line);
    }

    public void Heading(string title)
    {
        Line();
        Line($"## {title}");
        Line();
    }

    /// <summary>A table whose columns are padded, so that it reads well on the console too.</summary>
    /// <param name="rightAligned">Columns from this index on hold numbers.</param>
    public void Table(IReadOnlyList<string> header, IReadOnlyList<string[]> rows, int rightAligned)
    {
        int[] widths = new int[header.Count];
        for (int column = 0; column < header.Count; column++)
            widths[column] = Math.Max(3, rows.Select(row => row[column].Length).Append(header[column].Length).Max());

        Line(Row(header));
        Line("| " + string.Join(" | ", widths.Select((width, column) =>
            column < rightAligned ? new string('-', width) : new string('-', width - 1) + ":")) + " |");
        foreach (string[] row in rows)
            Line(Row(row));

        string Row(IReadOnlyList<string> cells) => "| " + string.Join(" | ", cells.Select((cell, column) =>
            column < rightAligned ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))) + " |";
    }

    /// <summary>Writes what was collected, if a file was asked for.</summary>
    public void Save()
    {
        if (file is null)
            return;
        File.WriteAllText(file, _text.ToString());
        Console.WriteLine();
        Console.WriteLine($"Written to {file}");
    }
}
