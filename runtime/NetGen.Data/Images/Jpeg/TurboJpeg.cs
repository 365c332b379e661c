using System.Runtime.InteropServices;

namespace NetGen.Data;

/// <summary>
/// The functions of libjpeg-turbo's TurboJPEG API that are needed, from the library on this machine, loaded when the first JPEG file is
/// read.
/// </summary>
internal sealed unsafe class TurboJpeg
{
    /// <summary>Bytes in the order red, green, blue.</summary>
    public const int Rgb = 0;

    /// <summary>Luma alone.</summary>
    public const int Grey = 6;

    /// <summary>The exact inverse transform rather than a faster one, as other decoders have it by default.</summary>
    private const int AccurateDct = 4096;

    private static readonly Lazy<TurboJpeg> Loaded = new(() => Load(Names));

    private static readonly Lazy<bool> Installed = new(() =>
    {
        try
        {
            return Loaded.Value is not null;
        }
        catch (JpegLibraryException)
        {
            // The managed decoder takes its place; who asks for the library gets the exception.
            return false;
        }
    });

    [ThreadStatic]
    private static Decompressor? t_decompressor;

    private readonly delegate* unmanaged[Cdecl]<nint> _create;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _destroy;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, CULong, byte*, int, int, int, int, int, int> _decompress;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*> _error;

    private TurboJpeg(nint library)
    {
        _create = (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(library, "tjInitDecompress");
        _destroy = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "tjDestroy");
        _decompress =
            (delegate* unmanaged[Cdecl]<nint, byte*, CULong, byte*, int, int, int, int, int,
            int>)NativeLibrary.GetExport(library, "tjDecompress2");
        _error = (delegate* unmanaged[Cdecl]<nint, byte*>)NativeLibrary.GetExport(library, "tjGetErrorStr2");
    }

    /// <summary>Whether the library is on this machine; it is looked for once.</summary>
    internal static bool IsInstalled => Installed.Value;

    /// <summary>What the library is called on this system.</summary>
    internal static string[] Names =>
        OperatingSystem.IsWindows() ? ["turbojpeg.dll", "libturbojpeg.dll"]
        : OperatingSystem.IsMacOS() ? ["libturbojpeg.0.dylib", "libturbojpeg.dylib", "/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.dylib"]
        : ["libturbojpeg.so.0", "libturbojpeg.so"];

    /// <summary>Loads the first library that there is.</summary>
    /// <exception cref="JpegLibraryException">There is none, or it lacks a function.</exception>
    internal static TurboJpeg Load(string[] names)
    {
        foreach (string name in names)
        {
            if (!NativeLibrary.TryLoad(name, out nint library))
                continue;
            try
            {
                return new TurboJpeg(library);
            }
            catch (EntryPointNotFoundException exception)
            {
                throw new JpegLibraryException($"{name} lacks a function of the TurboJPEG API, version 1.4 or later: {exception.Message}");
            }
        }
        throw new JpegLibraryException(
            $"{nameof(JpegFile)}.{nameof(JpegFile.Backend)} asks for libjpeg-turbo, which cannot be loaded: found none of "
                + $"{string.Join(", ", names)}. Install it: Debian and Ubuntu have it as package libturbojpeg0 (libturbojpeg), Fedora as "
                + "turbojpeg, Homebrew as jpeg-turbo; elsewhere, see libjpeg-turbo.org. "
                + $"{nameof(JpegBackend)}.{nameof(JpegBackend.Managed)} needs nothing.");
    }

    /// <summary>Decodes into tightly packed rows.</summary>
    /// <returns>Null, or what the library says is wrong, warnings among it: they all tell of damage.</returns>
    /// <exception cref="JpegLibraryException">The library is not to be had.</exception>
    public static string? Decompress(ReadOnlySpan<byte> file, Span<byte> pixels, int width, int height, int format)
    {
        Decompressor decompressor = t_decompressor ??= new Decompressor(Loaded.Value);
        return decompressor.Run(file, pixels, width, height, format);
    }

    /// <summary>The library's state for decoding, which one thread uses; it is freed some time after the thread has ended.</summary>
    private sealed class Decompressor
    {
        private readonly TurboJpeg _library;
        private readonly nint _handle;

        public Decompressor(TurboJpeg library)
        {
            _library = library;
            _handle = library._create();
            if (_handle == 0)
                throw new InvalidOperationException($"libjpeg-turbo cannot begin: {Marshal.PtrToStringUTF8((nint)library._error(0))}");
        }

        ~Decompressor()
        {
            if (_handle != 0)
                _library._destroy(_handle);
        }

        public string? Run(ReadOnlySpan<byte> file, Span<byte> pixels, int width, int height, int format)
        {
            int result;
            fixed (byte* from = file, to = pixels)
                result = _library._decompress(_handle, from, new CULong((nuint)file.Length), to, width, 0, height, format, AccurateDct);
            string? problem = result == 0 ? null : Marshal.PtrToStringUTF8((nint)_library._error(_handle)) ?? "no reason is given";
            GC.KeepAlive(this);
            return problem;
        }
    }
}
