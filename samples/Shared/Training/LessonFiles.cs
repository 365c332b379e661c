using System.Globalization;
using NetGen.Data;

namespace NetGen.Samples;

/// <summary>The checkpoints of a training: a file for each trainer, all of the same step.</summary>
internal sealed class LessonFiles(Lesson lesson, DataLoader loader, string path)
{
    /// <summary>Writes all of them.</summary>
    /// <param name="epochs">Epochs that are done.</param>
    /// <param name="batches">Batches of the next one that are done.</param>
    public void Save(int epochs, int batches)
    {
        var notes = new Dictionary<string, string>
        {
            ["epochs"] = epochs.ToString(CultureInfo.InvariantCulture),
            ["batches"] = batches.ToString(CultureInfo.InvariantCulture),
            ["images"] = loader.Settings,
        };
        foreach (var file in lesson.Files)
        {
            file.Save(file.PathFor(path), notes);
        }
    }

    /// <summary>Goes on from all of them; from the beginning, if there is none.</summary>
    /// <returns>Epochs that are done, and batches of the next one.</returns>
    /// <exception cref="InvalidDataException">Not all are there, or they are of different steps or images.</exception>
    public (int Epochs, int Batches) Load()
    {
        string[] paths = [.. lesson.Files.Select(file => file.PathFor(path))];
        if (!paths.Any(File.Exists))
        {
            return default;
        }

        (int, int)? first = null;
        foreach (var (file, from) in lesson.Files.Zip(paths))
        {
            var notes = file.Load(from);
            if (!notes.TryGetValue("images", out string? images) || images != loader.Settings)
            {
                throw new InvalidDataException($"{from} is no checkpoint that fits this training: its images are {images ?? "unknown"}, "
                    + $"those here {loader.Settings}.");
            }

            var position = (Number(notes, "epochs"), Number(notes, "batches"));
            if ((first ??= position) != position)
            {
                throw new InvalidDataException($"{from} is of another step than {paths[0]}: one of them was not written. "
                    + "Without --resume the training begins anew.");
            }
        }

        return first ?? default;
    }

    private static int Number(IReadOnlyDictionary<string, string> notes, string name)
        => int.Parse(notes.GetValueOrDefault(name, "0"), NumberStyles.None, CultureInfo.InvariantCulture);
}
