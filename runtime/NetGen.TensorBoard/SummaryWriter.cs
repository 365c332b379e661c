using System.Globalization;
using System.Text;
using Google.Protobuf;
using NetGen.Data;
using NetGen.TensorBoard.Schema;

namespace NetGen.TensorBoard;

/// <summary>
/// Writes an event file for TensorBoard, in the manner of PyTorch's <c>SummaryWriter</c>. A directory is a run; several files in it are
/// one run after the other. May be called from several threads.
/// </summary>
/// <example>
/// <code>
/// using var log = new SummaryWriter("runs/lenet");
/// log.AddGraph(net);
/// log.AddScalar("loss/train", loss, step);
/// </code>
/// </example>
public sealed class SummaryWriter : IDisposable
{
    private const string FileVersion = "brain.Event:2";

    // Tells files apart that one process begins within a second.
    private static int s_files;

    private readonly object _lock = new();
    private readonly RecordWriter _records;
    private readonly TimeSpan _flushInterval;
    private long _lastFlush = Environment.TickCount64;
    private bool _disposed;

    /// <summary>Begins a file in a directory, which is made where it is missing.</summary>
    /// <param name="directory">The directory of the run.</param>
    /// <param name="purgeStep">
    /// For a run that goes on from a checkpoint, the step at which it does: TensorBoard leaves out what earlier files have from this step
    /// on, PyTorch's <c>purge_step</c>.
    /// </param>
    /// <param name="flushInterval">
    /// After how much time what was written is handed to the system; two seconds by default. It happens on a call.
    /// </param>
    /// <exception cref="ArgumentException">The directory's name is empty, or has a NUL or half of a surrogate pair.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step or the time is negative.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public SummaryWriter(string directory, long? purgeStep = null, TimeSpan? flushInterval = null)
    {
        FileAccessor.CheckPath(directory, nameof(directory));
        if (purgeStep < 0)
            throw new ArgumentOutOfRangeException(nameof(purgeStep), purgeStep, "Expected at least 0.");
        _flushInterval = flushInterval ?? TimeSpan.FromSeconds(2);
        if (_flushInterval < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(flushInterval), flushInterval, "Expected at least 0.");
        FileAccessor.AccessFolder(directory, Directory.CreateDirectory);
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}.{Interlocked.Increment(ref s_files) - 1}");
        Path = System.IO.Path.Combine(directory, name);
        _records =
            new RecordWriter(
            FileAccessor.Access(Path,
            path => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1 << 16)));
        Write(new Event { FileVersion = FileVersion, Step = purgeStep ?? 0 });
        if (purgeStep is long step)
            Write(new Event { SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start }, Step = step });
        Flush();
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>A number of one step: a point of a curve.</summary>
    /// <param name="tag">The curve; <c>loss/train</c> stands in the group <c>loss</c>.</param>
    /// <param name="value">The number, NaN and infinities too.</param>
    /// <param name="step">The step.</param>
    /// <exception cref="ArgumentException">The tag is empty or has half of a surrogate pair.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public void AddScalar(string tag, double value, long step)
        => Add(new Summary.Types.Value { Tag = Checked(tag), SimpleValue = (float)value }, step);

    /// <summary>A picture.</summary>
    /// <param name="tag">What it is shown under.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 for grey, 2 for grey and alpha, 3 for RGB, 4 for RGB and alpha.</param>
    /// <param name="pixels">Height · width · channels bytes, row by row from the top.</param>
    /// <param name="step">The step.</param>
    /// <exception cref="ArgumentException">
    /// The tag is empty or has half of a surrogate pair, or the number of bytes or an extent is wrong.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public void AddImage(string tag, int width, int height, int channels, ReadOnlySpan<byte> pixels, long step)
    {
        Checked(tag);
        byte[] png = PngFile.Encode(width, height, channels, pixels);
        Add(new Summary.Types.Value
        {
            Tag = tag,
            Image =
                new Summary.Types.Image { Width = width, Height = height, Colorspace = channels,
                EncodedImageString = UnsafeByteOperations.UnsafeWrap(png) },
        }, step);
    }

    /// <summary>A picture.</summary>
    /// <param name="tag">What it is shown under.</param>
    /// <param name="image">The picture.</param>
    /// <param name="step">The step.</param>
    /// <exception cref="ArgumentException">The tag is empty or has half of a surrogate pair.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public void AddImage(string tag, Image image, long step)
    {
        ArgumentNullException.ThrowIfNull(image);
        AddImage(tag, image.Width, image.Height, image.Channels, image.Pixels, step);
    }

    /// <summary>
    /// Some pictures in one, row by row: the samples of a batch, or the maps of a layer, each as a picture of one channel.
    /// </summary>
    /// <param name="tag">What they are shown under.</param>
    /// <param name="images">The pictures one after the other, each (channels, height, width).</param>
    /// <param name="channels">1 for grey, 2 for grey and alpha, 3 for RGB, 4 for RGB and alpha.</param>
    /// <param name="height">Rows of one.</param>
    /// <param name="width">Columns of one.</param>
    /// <param name="step">The step.</param>
    /// <param name="columns">Pictures side by side, at most; torchvision's <c>nrow</c>.</param>
    /// <param name="padding">Black pixels between them and around.</param>
    /// <param name="range">The values that become black and white; 0 and 1 by default.</param>
    /// <exception cref="ArgumentException">
    /// The tag is empty or has half of a surrogate pair, or the values are no whole pictures, or there are none, or an extent is out of
    /// range.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public void AddImages(string tag, ReadOnlySpan<float> images, int channels, int height, int width, long step, int columns = 8,
        int padding = 2, ImageRange? range = null)
    {
        Checked(tag);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 4);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        long size = (long)channels * height * width;
        if (images.IsEmpty || images.Length % size != 0)
            throw new ArgumentException($"Expected whole pictures of {channels} × {height} × {width} = {size} values, "
                + $"got {images.Length} values.", nameof(images));
        (int gridWidth, int gridHeight, byte[] pixels) =
            ImageGrid.Draw(images, (channels, height, width), (int)(images.Length / size), columns, padding,
            (range ?? ImageRange.Unit).Limits);
        AddImage(tag, gridWidth, gridHeight, channels, pixels, step);
    }

    /// <summary>How values are distributed, in TensorFlow's buckets.</summary>
    /// <param name="tag">What it is shown under.</param>
    /// <param name="values">The values; at least one.</param>
    /// <param name="step">The step.</param>
    /// <exception cref="ArgumentException">
    /// The tag is empty or has half of a surrogate pair, or there are no values, or one is not finite.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public void AddHistogram(string tag, ReadOnlySpan<float> values, long step)
    {
        Checked(tag);
        if (values.IsEmpty)
            throw new ArgumentException("Expected at least one value.", nameof(values));
        Add(new Summary.Types.Value { Tag = tag, Histo = HistogramBuckets.Count(values) }, step);
    }

    /// <summary>A text, which TensorBoard shows as Markdown.</summary>
    /// <param name="tag">What it is shown under.</param>
    /// <param name="text">The text.</param>
    /// <param name="step">The step.</param>
    /// <exception cref="ArgumentException">The tag is empty, or tag or text has half of a surrogate pair.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public void AddText(string tag, string text, long step = 0)
    {
        FileText.Check(text, "The text", nameof(text));
        Add(new Summary.Types.Value
        {
            Tag = Checked(tag),
            Metadata = new SummaryMetadata
            {
                PluginData = new SummaryMetadata.Types.PluginData { PluginName = "text", Content = new TextPluginData().ToByteString() },
                DataClass = DataClass.Tensor,
            },
            Tensor =
                new TensorProto { Dtype = DataType.DtString, TensorShape = new TensorShapeProto(),
                StringVal = { ByteString.CopyFromUtf8(text) } },
        }, step);
    }

    /// <summary>The graph of a network, with the shapes of its parameters.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public void AddGraph(INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Write(new Event { GraphDef = GraphWriter.Convert(network.Graph, network.Parameters).ToByteString() });
    }

    /// <summary>Hands what was written to the system.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public void Flush()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _records.Flush();
            _lastFlush = Environment.TickCount64;
        }
    }

    /// <summary>Writes what is left and closes the file. Calling it again does nothing.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            _records.Dispose();
        }
    }

    private static string Checked(string tag)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        FileText.Check(tag, $"The tag {FileText.Quote(tag)}", nameof(tag));
        return tag;
    }

    private void Add(Summary.Types.Value value, long step) => Write(new Event { Step = step, Summary = new Summary { Value = { value } } });

    private void Write(Event record)
    {
        record.WallTime = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _records.Write(record.CalculateSize(), record.WriteTo);
            if (Environment.TickCount64 - _lastFlush > _flushInterval.TotalMilliseconds)
                Flush();
        }
    }
}
