using System.Text.Json;

namespace NetGen;

/// <summary>
/// What whoever uses a model needs to know besides its parameters. It stands in the metadata of the model's file, written by
/// <see cref="SaveOptions.Info"/>; other programs read the file as before.
/// </summary>
/// <example>
/// <code>
/// net.Save("clothes.safetensors", new SaveOptions { Info = new ModelInfo { ClassNames = ["shirt", "trousers"] } });
/// ModelInfo info = ModelInfo.Load("clothes.safetensors");
/// </code>
/// </example>
public sealed record ModelInfo
{
    /// <summary>In front of the names of the texts that this class has a form for, and the checksum.</summary>
    internal const string Reserved = "netgen.";

    internal const string ClassesKey = Reserved + "classes", ImageKey = Reserved + "image";

    private readonly IReadOnlyList<string> _classNames = [];

    /// <summary>The name of each class, in the order of the network's outputs; empty, the default, where there are none.</summary>
    /// <exception cref="ArgumentException">A name is null.</exception>
    public IReadOnlyList<string> ClassNames
    {
        get => _classNames;

        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(ClassNames));
            if (value.Contains(null!))
                throw new ArgumentException("A name of a class is null.", nameof(ClassNames));
            _classNames = [.. value];
        }
    }

    /// <summary>How images become the network's input; null, the default, where that is not known.</summary>
    public ImageInfo? Image { get; init; }

    /// <summary>
    /// Other texts, by names of your choice that do not begin with <c>netgen.</c> and are not <c>format</c>; empty by default.
    /// </summary>
    public IReadOnlyDictionary<string, string> Texts { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads what a file says of its model; empty where it says nothing.</summary>
    /// <param name="path">The file, or the index of several, or the folder of either.</param>
    /// <exception cref="ArgumentException">The path is empty, or has a NUL or half of a surrogate pair.</exception>
    /// <exception cref="SafeTensorsException">The file is damaged, or what it says of the model is not in this form.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelInfo Load(string path)
    {
        using ParameterFiles files = ParameterFiles.Open(path);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (SafeTensorsReader reader in files.Readers)
        {
            foreach ((string key, string value) in reader.Metadata)
                texts.TryAdd(key, value);
        }
        return new ModelInfo
        {
            ClassNames = texts.TryGetValue(ClassesKey, out string? classes) ? Read(files.Path, ClassesKey, classes, NamesOf) : [],
            Image = texts.TryGetValue(ImageKey, out string? image) ? Read(files.Path, ImageKey, image, ImageInfo.Of) : null,
            Texts = texts.Where(text => IsFree(text.Key)).ToDictionary(text => text.Key, text => text.Value, StringComparer.Ordinal),
        };
    }

    /// <summary>The texts that stand in a file.</summary>
    /// <exception cref="ArgumentException">A text of the caller's has a name that is reserved.</exception>
    internal Dictionary<string, string> ToTexts()
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string value) in Texts)
        {
            if (!IsFree(key))
                throw new ArgumentException($"{nameof(ModelInfo)}.{nameof(Texts)}: the name '{key}' is kept for NetGen and the format of "
                    + "the file; expected another.", nameof(Texts));
            texts.Add(key, value);
        }
        if (ClassNames.Count > 0)
        {
            texts.Add(ClassesKey, JsonText.Of(writer =>
            {
                writer.WriteStartArray();
                foreach (string name in ClassNames)
                {
                    // JSON would take a character in its place that stands for none.
                    FileText.Check(name, $"The name of a class {FileText.Quote(name)}", nameof(ClassNames));
                    writer.WriteStringValue(name);
                }
                writer.WriteEndArray();
            }));
        }
        if (Image is { } image)
            texts.Add(ImageKey, JsonText.Of(image.Write));
        return texts;
    }

    private static bool IsFree(string key) => key != "format" && !key.StartsWith(Reserved, StringComparison.Ordinal);

    private static IReadOnlyList<string> NamesOf(JsonElement json)
        => [.. json.EnumerateArray().Select(name => name.GetString() ?? throw new FormatException("A name is null."))];

    private static T Read<T>(string path, string key, string text, Func<JsonElement, T> read)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return read(json.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException
            or KeyNotFoundException or ArgumentException)
        {
            throw new SafeTensorsException(path, SafeTensorsHeader.MetadataKey,
                $"{FileText.Quote(key)} is {FileText.Shorten(text)}, which does not say it in the form of {nameof(ModelInfo)}. "
                    + exception.Message, exception);
        }
    }
}
