namespace NetGen.Generator.Text;

/// <summary>How far two names are apart.</summary>
internal static class EditDistance
{
    /// <summary>The name most like one that means nothing; null where none is like it.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        int most = name.Length / 3;
        return candidates
            .Select(known => (Name: known, Distance: Between(name, known)))
            .Where(candidate => candidate.Distance <= most)
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    /// <summary>
    /// The fewest letters that must be put in, left out, replaced or exchanged with their neighbour to make one name of the other; capital
    /// letters are those they are.
    /// </summary>
    public static int Between(string first, string second)
    {
        // Optimal string alignment: row i, column j holds the distance of the first i and j letters.
        var distance = new int[first.Length + 1, second.Length + 1];
        for (int i = 0; i <= first.Length; i++)
            distance[i, 0] = i;
        for (int j = 0; j <= second.Length; j++)
            distance[0, j] = j;
        for (int i = 1; i <= first.Length; i++)
        {
            for (int j = 1; j <= second.Length; j++)
            {
                int replaced = distance[i - 1, j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1);
                distance[i, j] = Math.Min(replaced, Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
                    distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
            }
        }
        return distance[first.Length, second.Length];
    }
}
